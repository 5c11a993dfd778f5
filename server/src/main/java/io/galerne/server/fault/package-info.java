/// What is wrong with a request, whoever finds it: in its parameters or in its body.
@NullMarked
package io.galerne.server.fault;

import org.jspecify.annotations.NullMarked;
