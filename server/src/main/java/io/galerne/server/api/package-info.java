/// What can be asked of a server: a class for each operation, or for a few alike, and the table of them.
@NullMarked
package io.galerne.server.api;

import org.jspecify.annotations.NullMarked;
