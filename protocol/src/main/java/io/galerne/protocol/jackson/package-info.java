/// Lets the application's Jackson, 2 or 3, serialise and deserialise the wire types. Not exported.
@NullMarked
package io.galerne.protocol.jackson;

import org.jspecify.annotations.NullMarked;
