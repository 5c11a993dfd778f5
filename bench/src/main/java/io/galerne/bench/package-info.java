/// The load harness: measures the event server and its peers on one machine.
@NullMarked
package io.galerne.bench;

import org.jspecify.annotations.NullMarked;
