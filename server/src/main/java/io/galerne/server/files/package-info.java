/// Small durable files that one process changes at a time, and descriptions of file errors.
@NullMarked
package io.galerne.server.files;

import org.jspecify.annotations.NullMarked;
