/// Lets the application's own Jackson, 2 or 3, write and read the types of the wire. Not exported.
@NullMarked
package io.galerne.protocol.jackson;

import org.jspecify.annotations.NullMarked;
