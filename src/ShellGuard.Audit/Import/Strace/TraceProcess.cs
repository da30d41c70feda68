using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import.Strace;

/// <summary>A process of the trace while it lives.</summary>
internal sealed class TraceProcess(ProcessImage image, DescriptorTable descriptors, WorkingDirectory directory)
{
    /// <summary>Who it is now.</summary>
    public ProcessImage Image { get; set; } = image;

    public DescriptorTable Descriptors { get; set; } = descriptors;

    public WorkingDirectory Directory { get; set; } = directory;

    public int Threads { get; set; }

    /// <summary>Null where more processes were seen than are kept.</summary>
    public ProcessLife? Life { get; init; }

    /// <summary>It has another root than the recorder: what it executes next is a container's.</summary>
    public bool HasOtherRoot { get; set; }

    /// <summary>It is the program of a container, or was started by it; not the runtime that made the container.</summary>
    public bool IsPayload { get; set; }

    /// <summary>It said that it ends; the recorder's word for it may be switched off.</summary>
    public bool IsExiting { get; set; }
}
