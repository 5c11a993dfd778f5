@NullMarked
package io.galerne.jetstream;

import org.jspecify.annotations.NullMarked;
