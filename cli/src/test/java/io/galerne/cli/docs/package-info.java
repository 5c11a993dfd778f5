/// Keeps the documents true.
@NullMarked
package io.galerne.cli.docs;

import org.jspecify.annotations.NullMarked;
