/// The event server: [io.galerne.server.GalerneServer] starts one from a
/// [io.galerne.server.ServerConfig].
@NullMarked
package io.galerne.server;

import org.jspecify.annotations.NullMarked;
