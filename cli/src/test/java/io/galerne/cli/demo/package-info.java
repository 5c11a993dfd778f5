@NullMarked
package io.galerne.cli.demo;

import org.jspecify.annotations.NullMarked;
