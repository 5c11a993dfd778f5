@NullMarked
package io.galerne.client.checkpoint;

import org.jspecify.annotations.NullMarked;
