/// Authentication and rights: API keys, each for one namespace (contract, section 7).
@NullMarked
package io.galerne.server.access;

import org.jspecify.annotations.NullMarked;
