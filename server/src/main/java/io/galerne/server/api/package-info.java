/// The operations of the API: a class for each, or for a few similar ones, and the table of routes.
@NullMarked
package io.galerne.server.api;

import org.jspecify.annotations.NullMarked;
