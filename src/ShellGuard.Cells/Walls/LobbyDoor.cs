using System.Diagnostics;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Seccomp;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Walls;

/// <summary>Takes the question of a stub: where does this command run? Everything is copied once, while the stub waits,
/// and nothing of the stub is looked at again; a lobby that lies asks for something else, no more.</summary>
/// <param name="listener">The lobby's traps.</param>
/// <param name="terminal">The lobby's own terminal: device and inode of the slave; null where it has none.</param>
/// <param name="streams">What leads to the person where there is no terminal.</param>
/// <param name="take">Takes the request.</param>
internal sealed class LobbyDoor(
    NotifyFd listener, Func<(ulong Device, ulong Inode)?> terminal, LobbyStreams streams, Action<LobbyRequest> take)
{
    /// <summary>The directory that cannot be, stub.s.</summary>
    private const int NoDirectory = -0x5347;

    private const int MostTexts = 32 * 1024;
    private const int MostBytes = 128 * 1024;

    /// <summary>More than any command line that the kernel takes, execve(2): one that claims more is no stub's.</summary>
    private const int MostInAll = 8 << 20;
    private const ulong NullDevice = (1UL << 32) | 3;

    /// <summary>Whether a call is such a question.</summary>
    public static bool IsQuestion(in Notification call) =>
        call.Call == SystemCall.execveat && (int)call.A0 == NoDirectory;

    /// <summary>Takes it, or refuses it at once.</summary>
    public void Enter(in Notification call)
    {
        LobbyRequest? request = Read(call);
        if (request is null || !listener.IsAlive(call.Id))
        {
            request?.Dispose();
            listener.Fail(call.Id, Errno.EACCES);
            return;
        }

        take(request);
    }

    private LobbyRequest? Read(in Notification call)
    {
        LinuxResult read = RemoteText.Read(call.ThreadId, call.A1, 4096, out byte[] path);
        List<byte[]> arguments = [];
        List<byte[]> environment = [];
        read = read.Failed ? read : RemoteText.ReadArray(
            call.ThreadId, call.A2, MostTexts, MostBytes, out arguments, MostInAll);
        read = read.Failed ? read : RemoteText.ReadArray(
            call.ThreadId, call.A3, MostTexts, MostBytes, out environment, MostInAll);
        if (read.Failed || path.Length == 0 || arguments.Count == 0
            || ProcFile.ReadLink($"/proc/{call.ThreadId}/cwd") is not { } directory
            || ProcessStatus.Read(call.ThreadId) is not { } status
            || PidFd.OpenThread(call.ThreadId, out PidFd thread).Failed)
        {
            return null;
        }

        using (thread)
        {
            List<LobbyFile> files = [];
            for (int number = 0; number < 3; number++)
            {
                if (File(thread, call.ThreadId, number) is not { } file)
                {
                    files.ForEach(known => known.Dispose());
                    return null;
                }

                files.Add(file);
            }

            string name = KernelText.Decode(path.AsSpan(path.AsSpan().LastIndexOf((byte)'/') + 1));
            return new LobbyRequest(
                call, status.Process, Processes.GroupOf(status.Process), name,
                [.. arguments.Select(argument => KernelText.Decode(argument))],
                [.. environment.Select(variable => KernelText.Decode(variable))],
                KernelText.Decode(directory),
                files,
                Stopwatch.GetTimestamp());
        }
    }

    /// <returns>Null where it cannot be known, such as when no descriptor is left: then nothing may be assumed.</returns>
    private LobbyFile? File(PidFd thread, int threadId, int number)
    {
        LinuxResult got = thread.GetDescriptor(number, out Descriptor held);
        if (got.Failed)
        {
            return got.Error is Errno.EBADF ? new LobbyFile(LobbyFileKind.Nothing) : null;
        }

        if (Linux.Calls.Files.Status(held, out FileStatus status).Failed
            || DescriptorIo.GetFlags(held, out OpenFlags flags).Failed)
        {
            return new LobbyFile(LobbyFileKind.Other, held);
        }

        (ulong, ulong) identity = (status.Device, status.Inode);
        LobbyFile file = new(LobbyFileKind.Other, held) { Identity = identity, Flags = flags };
        switch (status.Type)
        {
            case FileType.IFO when streams.IsOutput(identity, out _):
                return file with { Kind = LobbyFileKind.Person };
            case FileType.IFO:
                return file with { Kind = LobbyFileKind.Pipe };
            case FileType.CHR when status.Represents == NullDevice:
                return file with { Kind = LobbyFileKind.Nothing };
            case FileType.CHR when identity == terminal():
                return file with { Kind = LobbyFileKind.Person };
            case FileType.REG when ProcFile.ReadLink($"/proc/{threadId}/fd/{number}") is { } path:
                return file with
                {
                    Kind = LobbyFileKind.File,
                    Path = KernelText.Decode(path),
                    IsEmpty = status.Size == 0,
                };
            default:
                return file;
        }
    }
}
