/// The server as a process of its own that is killed again and again.
@NullMarked
package io.galerne.cli.crash;

import org.jspecify.annotations.NullMarked;
