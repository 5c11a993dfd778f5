@NullMarked
package io.galerne.cli.serve;

import org.jspecify.annotations.NullMarked;
