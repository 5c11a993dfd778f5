@NullMarked
package io.galerne.cli.events;

import org.jspecify.annotations.NullMarked;
