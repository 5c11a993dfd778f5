@NullMarked
package io.galerne.client.payload;

import org.jspecify.annotations.NullMarked;
