/// Who may do what: API keys, each of one namespace (contract, section 7).
@NullMarked
package io.galerne.server.access;

import org.jspecify.annotations.NullMarked;
