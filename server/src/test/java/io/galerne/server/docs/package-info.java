/// Keeps the documents correct.
@NullMarked
package io.galerne.server.docs;

import org.jspecify.annotations.NullMarked;
