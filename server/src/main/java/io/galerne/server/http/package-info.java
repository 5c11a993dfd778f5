/// What an operation sees of HTTP: its request, its reply, its errors, and the table that names it.
/// Knows neither operations nor sockets.
@NullMarked
package io.galerne.server.http;

import org.jspecify.annotations.NullMarked;
