/// Tests that the documents are correct.
@NullMarked
package io.galerne.cli.docs;

import org.jspecify.annotations.NullMarked;
