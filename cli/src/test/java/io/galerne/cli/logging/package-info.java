@NullMarked
package io.galerne.cli.logging;

import org.jspecify.annotations.NullMarked;
