@NullMarked
package io.galerne.server.log.jetstream;

import org.jspecify.annotations.NullMarked;
