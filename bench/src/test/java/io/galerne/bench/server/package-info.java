@NullMarked
package io.galerne.bench.server;

import org.jspecify.annotations.NullMarked;
