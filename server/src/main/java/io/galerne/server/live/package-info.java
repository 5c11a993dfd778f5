/// From the log to every open stream: what is stored, then what comes, without a seam.
@NullMarked
package io.galerne.server.live;

import org.jspecify.annotations.NullMarked;
