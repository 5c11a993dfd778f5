/// The commands that manage API keys: [io.galerne.cli.keys.Keys].
@NullMarked
package io.galerne.cli.keys;

import org.jspecify.annotations.NullMarked;
