/// Keeps the documents true.
@NullMarked
package io.galerne.server.docs;

import org.jspecify.annotations.NullMarked;
