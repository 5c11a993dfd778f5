@NullMarked
package io.galerne.cli.runs;

import org.jspecify.annotations.NullMarked;
