package io.galerne.server.log;

import io.galerne.server.log.runs.RunContract;

/// What [EventLog] promises, as one suite that every engine's test implements.
public interface EventLogContract
    extends AppendContract,
        RepeatContract,
        ReadContract,
        FilterContract,
        FollowContract,
        RunContract {}
