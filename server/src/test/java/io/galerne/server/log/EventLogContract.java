package io.galerne.server.log;

import io.galerne.server.log.runs.RunContract;

/// The contract of [EventLog] as a test suite, which every engine's test implements.
public interface EventLogContract
    extends AppendContract,
        RepeatContract,
        ReadContract,
        FilterContract,
        FollowContract,
        RunContract {}
