@NullMarked
package io.galerne.cli.print;

import org.jspecify.annotations.NullMarked;
