using System.Runtime.InteropServices;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Terminals;

/// <summary>How a terminal's line discipline treats input and output, termios(3). A value: the methods return
/// changed copies.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct TerminalAttributes : IEquatable<TerminalAttributes>
{
    private readonly Termios2 _termios;

    internal TerminalAttributes(in Termios2 termios) => _termios = termios;

    internal Termios2 Termios => _termios;

    /// <summary>Lines are edited and delivered whole (ICANON).</summary>
    public bool Canonical => (_termios.c_lflag & TermiosFlag.ICANON) != 0;

    /// <summary>Typed characters are shown (ECHO).</summary>
    public bool Echo => (_termios.c_lflag & TermiosFlag.ECHO) != 0;

    /// <summary>Ctrl-C and the like make signals (ISIG).</summary>
    public bool Signals => (_termios.c_lflag & TermiosFlag.ISIG) != 0;

    /// <summary>The interrupt character, usually Ctrl-C; 0 is none (VINTR).</summary>
    public byte Interrupt => _termios.c_cc[TermiosFlag.VINTR];

    /// <summary>The quit character, usually Ctrl-\; 0 is none (VQUIT).</summary>
    public byte Quit => _termios.c_cc[TermiosFlag.VQUIT];

    /// <summary>The end-of-file character, usually Ctrl-D; 0 is none (VEOF).</summary>
    public byte EndOfFile => _termios.c_cc[TermiosFlag.VEOF];

    /// <summary>Every byte passes as it is in both directions, cfmakeraw(3).</summary>
    public TerminalAttributes AsRaw()
    {
        Termios2 raw = _termios;
        raw.c_iflag &= ~(TermiosFlag.IGNBRK | TermiosFlag.BRKINT | TermiosFlag.PARMRK | TermiosFlag.ISTRIP
            | TermiosFlag.INLCR | TermiosFlag.IGNCR | TermiosFlag.ICRNL | TermiosFlag.IXON);
        raw.c_oflag &= ~TermiosFlag.OPOST;
        raw.c_lflag &= ~(TermiosFlag.ECHO | TermiosFlag.ECHONL | TermiosFlag.ICANON | TermiosFlag.ISIG
            | TermiosFlag.IEXTEN);
        raw.c_cflag = (raw.c_cflag & ~(TermiosFlag.CSIZE | TermiosFlag.PARENB)) | TermiosFlag.CS8;
        raw.c_cc[TermiosFlag.VMIN] = 1;
        raw.c_cc[TermiosFlag.VTIME] = 0;
        return new TerminalAttributes(raw);
    }

    /// <summary>Somebody else edits, echoes and signals (EXTPROC); the flags still say what the program wants.</summary>
    public TerminalAttributes WithExternalProcessing()
    {
        Termios2 changed = _termios;
        changed.c_lflag |= TermiosFlag.EXTPROC;
        return new TerminalAttributes(changed);
    }

    /// <summary>These attributes with the input side (c_iflag, c_lflag, c_cc) of <paramref name="program"/>.</summary>
    public TerminalAttributes WithInputOf(in TerminalAttributes program)
    {
        Termios2 changed = _termios;
        changed.c_iflag = program._termios.c_iflag;
        changed.c_lflag = program._termios.c_lflag & ~TermiosFlag.EXTPROC;
        changed.c_cc = program._termios.c_cc;
        return new TerminalAttributes(changed);
    }

    public bool Equals(TerminalAttributes other)
    {
        ReadOnlySpan<byte> mine = _termios.c_cc;
        ReadOnlySpan<byte> theirs = other._termios.c_cc;
        return _termios.c_iflag == other._termios.c_iflag
            && _termios.c_oflag == other._termios.c_oflag
            && _termios.c_cflag == other._termios.c_cflag
            && _termios.c_lflag == other._termios.c_lflag
            && mine.SequenceEqual(theirs);
    }

    public override bool Equals(object? obj) => obj is TerminalAttributes other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_termios.c_iflag, _termios.c_oflag, _termios.c_lflag);

    public static bool operator ==(TerminalAttributes left, TerminalAttributes right) => left.Equals(right);

    public static bool operator !=(TerminalAttributes left, TerminalAttributes right) => !left.Equals(right);
}
