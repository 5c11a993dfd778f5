/// Errors in a request's parameters or body.
@NullMarked
package io.galerne.server.fault;

import org.jspecify.annotations.NullMarked;
