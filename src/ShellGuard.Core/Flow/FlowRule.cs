namespace ShellGuard.Core.Flow;

/// <summary>The rules of the model, each switched in one place. Product code has them all; only the tests can switch
/// one off, to show that the search finds what it held back. <c>docs/flow-model.md</c> has them in words.</summary>
internal enum FlowRule
{
    /// <summary>Where a source arrives, conflict sets are checked.</summary>
    SourcesMeetConflicts,

    /// <summary>Where a sink comes within reach, conflict sets are checked.</summary>
    SinksMeetConflicts,

    /// <summary>A source that arrives at a node arrives at once at all that the node reaches.</summary>
    SourcesRunOn,

    /// <summary>A sink within reach of a node is within reach of all that reach the node. One source and one sink would be
    /// kept apart without this, because the source arrives where the sink is held; two sinks and a wall would not.</summary>
    SinksRunBack,

    /// <summary>No node has a source outside its clearance. This is what pins a pinned cell.</summary>
    SourceClearance,

    /// <summary>No cell holds a sink outside its clearance.</summary>
    SinkClearance,

    /// <summary>A child knows what its parent knew: arguments and environment are bytes.</summary>
    ChildInheritsHistory,

    /// <summary>What a parent could reach counts for its child, behind a wall.</summary>
    ChildInheritsReached,

    /// <summary>Behind a wall a sink counts for ever.</summary>
    WallRemembers,

    /// <summary>A removed edge takes the sinks behind it out of reach.</summary>
    RemovalFreesSinks,

    /// <summary>A dropped sink is held no more.</summary>
    DropFreesSinks,

    /// <summary>What goes into a mailbox can come out of it.</summary>
    MailboxJoins,

    /// <summary>What goes into an opaque service or a person is not counted as coming out.</summary>
    OpaqueSeparates,

    /// <summary>Publishing joins cell and layer for a moment, and counts as having been joined.</summary>
    PublishingJoins,

    /// <summary>The end of a cell takes its edges and sinks with it.</summary>
    EndFrees,

    /// <summary>The full exit status goes only to a parent that knows all that the child knows.</summary>
    StatusOnlyUpwards,

    /// <summary>In strict mode a lower parent learns nothing from the exit status.</summary>
    StrictStatusIsConstant,

    /// <summary>A gate takes off its own tags only.</summary>
    GateKeepsOtherTags,

    /// <summary>What a gate lets out carries a mark.</summary>
    GateMarks,

    /// <summary>The mark counts as the tag against other sinks than the gate's.</summary>
    MarksCountElsewhere,

    /// <summary>A gate lets out no more bits than it has left.</summary>
    GateIsBounded,

    /// <summary>What a gate let out is gone from its budget.</summary>
    GateSpends,

    /// <summary>An approval is used up at once, however few bits passed.</summary>
    ApprovalCountsOnce,

    /// <summary>A gate is never filled above its capacity.</summary>
    FillIsBounded,

    /// <summary>The running cells together keep to an exclusive conflict set, whatever they learn or reach.</summary>
    ExclusiveSides,

    /// <summary>A cell is thawed only when the running ones leave it room.</summary>
    ThawIsChecked,
}
