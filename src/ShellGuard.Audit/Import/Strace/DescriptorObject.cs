namespace ShellGuard.Audit.Import.Strace;

/// <summary>What a descriptor is open on.</summary>
internal enum DescriptorObject
{
    /// <summary>It is no descriptor, or -1.</summary>
    None,

    /// <summary>It was open before the recording, or came from another process.</summary>
    Unknown,

    /// <summary>A pipe, a socket, a file that never had a name.</summary>
    Nameless,

    Path,

    /// <summary>A file whose name is gone.</summary>
    Deleted,

    /// <summary>memfd_create(2).</summary>
    Memory,
}
