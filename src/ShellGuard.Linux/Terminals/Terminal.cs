using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Terminals;

/// <summary>Requests to a terminal, ioctl_tty(2). On a pseudo-terminal's master, attributes are those of its slave.</summary>
public static class Terminal
{
    /// <summary>isatty(3).</summary>
    public static bool IsTerminal(Descriptor descriptor) => GetAttributes(descriptor, out _).Succeeded;

    /// <summary>tcgetattr(3).</summary>
    public static unsafe LinuxResult GetAttributes(Descriptor terminal, out TerminalAttributes attributes)
    {
        Termios2 termios = default;

        // SAFETY: TCGETS2 writes one struct termios2 to a local.
        LinuxResult result = Request(terminal, TtyIoctl.TCGETS2, (nint)(&termios));
        attributes = new TerminalAttributes(termios);
        return result;
    }

    /// <summary>tcsetattr(3). From a background process group the kernel answers with SIGTTOU, which stops the caller:
    /// ask <see cref="IsForeground"/> first.</summary>
    /// <param name="discardInput">Also discards what was typed and not read (TCSAFLUSH), else at once (TCSANOW).</param>
    public static unsafe LinuxResult SetAttributes(
        Descriptor terminal, in TerminalAttributes attributes, bool discardInput = false)
    {
        Termios2 termios = attributes.Termios;

        // SAFETY: TCSETS2 and TCSETSF2 read one struct termios2 from a local.
        return Request(terminal, discardInput ? TtyIoctl.TCSETSF2 : TtyIoctl.TCSETS2, (nint)(&termios));
    }

    /// <summary>The window's size, TIOCGWINSZ(2const).</summary>
    public static unsafe LinuxResult GetSize(Descriptor terminal, out WindowSize size)
    {
        WinSize winsize = default;

        // SAFETY: TIOCGWINSZ writes one struct winsize to a local.
        LinuxResult result = Request(terminal, TtyIoctl.TIOCGWINSZ, (nint)(&winsize));
        size = new WindowSize(winsize.ws_col, winsize.ws_row, winsize.ws_xpixel, winsize.ws_ypixel);
        return result;
    }

    /// <summary>Sets the size; the foreground process group gets SIGWINCH when it differs, TIOCSWINSZ(2const).</summary>
    public static unsafe LinuxResult SetSize(Descriptor terminal, WindowSize size)
    {
        WinSize winsize = new()
        {
            ws_col = (ushort)size.Columns,
            ws_row = (ushort)size.Rows,
            ws_xpixel = (ushort)size.PixelWidth,
            ws_ypixel = (ushort)size.PixelHeight,
        };

        // SAFETY: TIOCSWINSZ reads one struct winsize from a local.
        return Request(terminal, TtyIoctl.TIOCSWINSZ, (nint)(&winsize));
    }

    /// <summary>Whether this process may read and change the terminal without being stopped: it is in the foreground
    /// process group, or the terminal is not its controlling one, tcgetpgrp(3).</summary>
    public static unsafe bool IsForeground(Descriptor terminal)
    {
        int group = 0;

        // SAFETY: TIOCGPGRP writes one pid_t to a local.
        LinuxResult result = Request(terminal, TtyIoctl.TIOCGPGRP, (nint)(&group));
        return result.Failed || group == Kernel.Call(SystemCall.getpgid).Value;
    }

    /// <summary>The process group in the foreground of a terminal, in this process's pid namespace, tcgetpgrp(3). 0 where it
    /// is in none that is seen from here.</summary>
    public static unsafe LinuxResult ForegroundGroup(Descriptor terminal, out int group)
    {
        int number = 0;

        // SAFETY: TIOCGPGRP writes one pid_t to a local.
        LinuxResult result = Request(terminal, TtyIoctl.TIOCGPGRP, (nint)(&number));
        group = number;
        return result;
    }

    /// <summary>Whether it is this process's controlling terminal with its process group in front, tcgetpgrp(3): who may
    /// hand it on.</summary>
    public static unsafe bool IsInFront(Descriptor terminal)
    {
        int group = 0;

        // SAFETY: TIOCGPGRP writes one pid_t to a local.
        LinuxResult result = Request(terminal, TtyIoctl.TIOCGPGRP, (nint)(&group));
        return result.Succeeded && group == Kernel.Call(SystemCall.getpgid).Value;
    }

    /// <summary>Makes a process group of this session the terminal's foreground one, tcsetpgrp(3). SIGTTOU, by which the
    /// kernel answers a caller in the background, is blocked meanwhile.</summary>
    public static unsafe LinuxResult SetForeground(Descriptor terminal, int group)
    {
        const int block = 0, set = 2, backgroundWrite = 22;
        ulong blocked = 1UL << (backgroundWrite - 1);
        ulong before = 0;

        // SAFETY: the masks are 64-bit numbers, as the C library's functions of this house take them, in locals that
        // outlive the calls; TIOCSPGRP reads one pid_t from a local.
        _ = NativeMethods.pthread_sigmask(block, &blocked, &before);
        LinuxResult result = Request(terminal, TtyIoctl.TIOCSPGRP, (nint)(&group));
        _ = NativeMethods.pthread_sigmask(set, &before, null);
        return result;
    }

    /// <summary>Discards what was typed and not read, tcflush(3).</summary>
    public static LinuxResult DiscardInput(Descriptor terminal) =>
        Request(terminal, TtyIoctl.TCFLSH, TtyIoctl.TCIFLUSH);

    /// <summary>Signals the foreground process group of the slave, TIOCSIG; the kernel takes SIGINT, SIGQUIT and
    /// SIGTSTP.</summary>
    public static LinuxResult SignalForeground(Descriptor master, int signal) =>
        Request(master, TtyIoctl.TIOCSIG, signal);

    /// <summary>Packet mode, TIOCPKT(2const): each read from the master begins with a byte that is 0 before data, and
    /// with EXTPROC a change of the slave's attributes is reported by a byte alone.</summary>
    public static unsafe LinuxResult SetPacketMode(Descriptor master, bool on)
    {
        int value = on ? 1 : 0;

        // SAFETY: TIOCPKT reads one int from a local.
        return Request(master, TtyIoctl.TIOCPKT, (nint)(&value));
    }

    /// <summary>A new pseudo-terminal's master, unlocked, ptmx(4).</summary>
    /// <param name="ptmx">The multiplexer, of the devpts instance that the slave shall be in.</param>
    public static unsafe LinuxResult OpenMaster(string ptmx, out Descriptor master)
    {
        LinuxResult result = DescriptorIo.Open(
            ptmx, FileFlag.O_RDWR | FileFlag.O_NOCTTY | FileFlag.O_CLOEXEC, out master);
        if (result.Failed)
        {
            return result;
        }

        int locked = 0;

        // SAFETY: TIOCSPTLCK reads one int from a local.
        return Request(master, TtyIoctl.TIOCSPTLCK, (nint)(&locked));
    }

    /// <summary>The slave of a master, without looking for its name in some /dev/pts, TIOCGPTPEER(2const).</summary>
    public static LinuxResult OpenSlave(Descriptor master, out Descriptor slave)
    {
        LinuxResult result = Request(
            master, TtyIoctl.TIOCGPTPEER, FileFlag.O_RDWR | FileFlag.O_NOCTTY | FileFlag.O_CLOEXEC);
        slave = new Descriptor(result.Succeeded ? (int)result.Value : -1);
        return result;
    }

    private static LinuxResult Request(Descriptor terminal, uint request, nint argument)
    {
        LinuxResult result;
        do
        {
            result = Kernel.Call(SystemCall.ioctl, terminal.Number, (nint)request, argument, subject: "terminal");
        }
        while (result.Error == Errno.EINTR);

        GC.KeepAlive(terminal);
        return result;
    }
}
