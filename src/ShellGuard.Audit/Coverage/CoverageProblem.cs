namespace ShellGuard.Audit.Coverage;

/// <summary>Why a recording does not show everything. The order is that of the report: the worst first.</summary>
public enum CoverageProblem
{
    /// <summary>No line is an event.</summary>
    NoEvents,

    /// <summary>Only a table of counts.</summary>
    OnlySummary,

    /// <summary>A container's program was asked for, and none was seen.</summary>
    NoPayload,

    /// <summary>The recorder says that it lost events.</summary>
    LostEvents,

    /// <summary>The import was interrupted.</summary>
    Interrupted,

    /// <summary>The input ends within a line or within its compression.</summary>
    CutInput,

    /// <summary>Processes had not ended when the log did.</summary>
    CutLog,

    /// <summary>Lines that were not understood.</summary>
    UnknownLines,

    /// <summary>More distinct accesses than are kept.</summary>
    TooManyAccesses,

    /// <summary>The end of a call without its beginning.</summary>
    UnpairedCalls,

    /// <summary>The beginning of a call without its end, although its process went on or the log ended.</summary>
    UnfinishedCalls,

    /// <summary>Processes that were started but do not stand in the log.</summary>
    NotFollowed,

    /// <summary>A process number was used again and the recorder overwrote the first process's file.</summary>
    OverwrittenFiles,

    /// <summary>The recording began while processes ran.</summary>
    AttachedMidRun,

    /// <summary>The recorder left before a process ended.</summary>
    Detached,

    /// <summary>The recorder was told to leave out calls by their result.</summary>
    FilteredByStatus,

    /// <summary>The recorder was told to record some calls only.</summary>
    FilteredCalls,

    /// <summary>The tool sees one kind of event only.</summary>
    OneAspect,

    /// <summary>io_uring: operations that no system call shows.</summary>
    IoUring,

    /// <summary>Children that the recorder cannot follow (CLONE_UNTRACED).</summary>
    UntracedClone,

    /// <summary>Set-user-ID programs, which run without their privilege under an ordinary user's tracer.</summary>
    SetUserId,

    /// <summary>The recorded program looks whether it is traced, or traces itself.</summary>
    TracerAware,

    /// <summary>A seccomp filter of the program hands calls to the program itself, which may let them pass behind the
    /// recorder.</summary>
    OwnListener,

    /// <summary>The recorder changed results of calls.</summary>
    Tampered,

    /// <summary>Relative paths whose directory is not known.</summary>
    UnresolvedPaths,

    /// <summary>Paths or arguments that the recorder cut.</summary>
    CutText,

    /// <summary>Addresses or flags that stand as numbers without meaning.</summary>
    UndecodedArguments,

    /// <summary>Processes whose parent was guessed.</summary>
    GuessedParents,

    /// <summary>Paths that are as a process with another root saw them.</summary>
    OtherRoot,
}
