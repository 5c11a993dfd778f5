@NullMarked
package io.galerne.bench.load;

import org.jspecify.annotations.NullMarked;
