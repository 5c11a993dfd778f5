@NullMarked
package io.galerne.client.internal.stream;

import org.jspecify.annotations.NullMarked;
