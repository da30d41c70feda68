namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>What the programs in the kernel and their reader agree on: maps, events, records in events. All numbers are in
/// bytes and in the processor's order.</summary>
internal static class CaptureLayout
{
    // Maps, by their place in the list.
    public const int Calls = 0, Threads = 1, Scratch = 2, Events = 3, Counts = 4, State = 5, Cgroup = 6;

    /// <summary>Numbers of system calls, first the native ones, then those of 32-bit programs.</summary>
    public const int NativeCalls = 512, AllCalls = 2 * NativeCalls;

    /// <summary>Threads that can be followed at once.</summary>
    public const int MaxThreads = 32768;

    // What the map of counts counts.
    public const int LostEvents = 0, LostThreads = 1, CountSize = 2;

    // An entry of the map of calls: how each of the first five arguments is captured, one that is captured otherwise, the
    // test that a call must pass, which numbers are traced at all, and properties.
    public const int SpecSpecial = 5, SpecSpecialIndex = 6, SpecTest = 7, SpecTraced = 8, SpecProperties = 9, SpecSize = 16;
    public const int GenericArguments = 5;
    public const int TracedNative = 1, TracedCompatible = 2, Announces = 4;
    public const int ReturnsFile = 1, Indirect = 2;

    // A thread: the call that it is in, what of it could not be read, its arguments, its process in our numbers.
    public const int ThreadCall = 0, ThreadUnread = 4, ThreadArguments = 8, ThreadProcess = 56, ThreadSize = 64;

    /// <summary>Bit of <see cref="ThreadCall"/>: it is in that call.</summary>
    public const int InCall = 1 << 16;

    // What is learnt from the announcement: how deep our pid namespace is, and our root directory.
    public const int StateLevel = 0, StateRootMount = 8, StateRootEntry = 16, StateSize = 24;

    // The beginning of every event.
    public const int EventSize = 0, EventKind = 4, EventUnread = 5, EventCall = 6, EventThread = 8, EventProcess = 12,
        EventTime = 16;

    /// <summary>What a call returned, or what an event of another kind is about.</summary>
    public const int EventValue = 24;

    public const int EventArguments = 32, EventRecords = 80;

    // Kinds of events.
    public const int Begin = 1, End = 2, Fork = 3, Exec = 4, Exit = 5, Start = 6, Found = 7;

    // The words of an event that is no call, where arguments are otherwise.
    public const int ForkChild = 32, ForkChildProcess = 36, ForkNumber = 40, ForkProcessNumber = 44, ForkFlags = 48, ForkCall = 56;

    // A record: its kind and argument, its length, the address or descriptor, then bytes, up to a multiple of 8.
    public const int RecordTag = 0, RecordLength = 4, RecordAddress = 8, RecordData = 16;
    public const int Memory = 1, Descriptor = 3, Word = 4, Unread = 0x80;

    /// <summary>The argument that a record of a call's result names.</summary>
    public const int ResultArgument = 7;

    // What is behind a descriptor: the inode's number, its file system, its mode, and what else is known; then a socket's
    // address or the names of a path from the last to the first, each with its NUL.
    public const int FileInode = 16, FileMagic = 24, FileModeBits = 28, FileFlags = 30, FileRest = 32;
    public const int FileDeleted = 1, FileNameless = 2, FileCut = 4, FileMissing = 8, FileSocket = 16;
    public const int SocketFamily = 32, SocketType = 34, SocketProtocol = 36, SocketPort = 38, SocketBytes = 40, SocketEnd = 56;

    // Ways to capture an argument.
    public const int Text = 1, DirectoryAndPath = 2, File = 3, OpenHow = 4, Words = 5, SocketAddress = 6, Message = 7, Messages = 8;

    public const int PathMax = 4096;
    public const int NameMax = 256;

    /// <summary>A new record begins at most here.</summary>
    public const int Limit = 24 * 1024;

    /// <summary>Room for one event: a record behind the limit still fits.</summary>
    public const int EventRoom = Limit + PathMax + 512;

    // Behind the event: descriptors that are still to be looked at, each with its tag; a tag of 0 is none.
    public const int Pending = EventRoom, PendingTag = 8, PendingSize = 16, PendingCount = 2;

    public const int ScratchSize = EventRoom + (PendingCount * PendingSize);

    public const int MaxSocketAddress = 128;
    public const int MaxWords = 512;
    public const int MaxMessages = 64;

    /// <summary>Directories and mounts of one path.</summary>
    public const int MaxDepth = 64;
}
