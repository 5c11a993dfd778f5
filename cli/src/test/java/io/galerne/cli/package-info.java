@NullMarked
package io.galerne.cli;

import org.jspecify.annotations.NullMarked;
