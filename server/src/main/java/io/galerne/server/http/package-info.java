/// HTTP as operations see it: request, reply, errors and the table of routes. Depends on neither
/// operations nor sockets.
@NullMarked
package io.galerne.server.http;

import org.jspecify.annotations.NullMarked;
