/// Delivers the log to every open stream: the stored events, then the live ones, without a seam.
@NullMarked
package io.galerne.server.live;

import org.jspecify.annotations.NullMarked;
