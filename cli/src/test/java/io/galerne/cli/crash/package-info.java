/// The server as a separate process that is killed repeatedly.
@NullMarked
package io.galerne.cli.crash;

import org.jspecify.annotations.NullMarked;
