using ShellGuard.Linux;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Terminals;

/// <summary>The person's own terminal: raw while a cell has it, and as it was on every way out, also when an exception
/// ends the process. Only kill -9 leaves it raw; reset(1) helps then.</summary>
public sealed class UserTerminal : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TerminalAttributes _original;

    // Guarded by _lock: the exit handlers come on other threads.
    private bool _changed;
    private bool _disposed;

    /// <param name="terminal">Belongs to this object from now on.</param>
    /// <param name="interactive">Standard input and standard output both are this terminal.</param>
    /// <param name="blocking">A write can block, because the description is shared with others.</param>
    /// <exception cref="LinuxException">It is no terminal.</exception>
    internal UserTerminal(Descriptor terminal, bool interactive, bool blocking)
    {
        Descriptor = terminal;
        Interactive = interactive;
        Blocking = blocking;
        Terminal.GetAttributes(terminal, out _original).OrThrow();
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        AppDomain.CurrentDomain.UnhandledException += OnExit;
    }

    /// <summary>Whether standard input and standard output both are the terminal, so that the cell gets it as a whole;
    /// otherwise it is shared with the other programs of a pipeline.</summary>
    public bool Interactive { get; }

    internal Descriptor Descriptor { get; }

    internal bool Blocking { get; }

    internal TerminalAttributes Original => _original;

    /// <summary>What has to be written when the process ends unexpectedly; may be asked on any thread.</summary>
    internal Func<string>? ExitText { get; set; }

    /// <summary>Whether a standard descriptor is a terminal, and so is replaced by the cell's own.</summary>
    /// <param name="number">0, 1 or 2.</param>
    public static bool IsTerminal(int number)
    {
        if (DescriptorIo.Duplicate(number, out Descriptor duplicate).Failed)
        {
            return false;
        }

        using (duplicate)
        {
            return Terminal.IsTerminal(duplicate);
        }
    }

    /// <summary>Finds the terminal among the standard descriptors; null when none of them is one.</summary>
    public static UserTerminal? Find()
    {
        bool interactive = IsTerminal(0) && IsTerminal(1);
        foreach (int number in (ReadOnlySpan<int>)[0, 1, 2])
        {
            if (IsTerminal(number) && DescriptorIo.Duplicate(number, out Descriptor shared).Succeeded)
            {
                return Open(shared, interactive);
            }
        }

        return null;
    }

    /// <summary>Opens the terminal behind a descriptor once more, so that not blocking is ours alone.</summary>
    internal static UserTerminal Open(Descriptor shared, bool interactive)
    {
        if (DescriptorIo.OpenAgain(shared, out Descriptor own).Failed)
        {
            own.Dispose();
            return new UserTerminal(shared, interactive, blocking: true);
        }

        shared.Dispose();
        return new UserTerminal(own, interactive, blocking: false);
    }

    internal bool IsForeground => Terminal.IsForeground(Descriptor);

    /// <summary>Changes the attributes. In the background this does nothing: the kernel would stop us.</summary>
    internal bool Apply(in TerminalAttributes attributes)
    {
        lock (_lock)
        {
            if (_disposed || !IsForeground || Terminal.SetAttributes(Descriptor, attributes).Failed)
            {
                return false;
            }

            _changed = attributes != _original;
            return true;
        }
    }

    /// <summary>Puts the attributes back.</summary>
    /// <param name="discardInput">Also throws away what arrived and was not read: a late answer of the terminal to
    /// something that the cell wrote must not be typed into the shell outside.</param>
    public void Restore(bool discardInput = false)
    {
        lock (_lock)
        {
            if (_disposed || (!_changed && !discardInput) || !IsForeground)
            {
                return;
            }

            // Failure is a terminal that is gone; there is nothing left to restore.
            _ = Terminal.SetAttributes(Descriptor, _original, discardInput);
            _changed = false;
        }
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        AppDomain.CurrentDomain.UnhandledException -= OnExit;
        Restore();
        lock (_lock)
        {
            _disposed = true;
            Descriptor.Dispose();
        }
    }

    private void OnExit(object? sender, EventArgs arguments)
    {
        bool changed;
        lock (_lock)
        {
            changed = _changed && !_disposed;
        }

        if (changed && ExitText?.Invoke() is { Length: > 0 } text)
        {
            _ = DescriptorIo.Write(Descriptor, System.Text.Encoding.UTF8.GetBytes(text));
        }

        Restore();
    }
}
