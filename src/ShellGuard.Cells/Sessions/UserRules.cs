using System.Text;
using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Sessions;

/// <summary>Adds rules to the user's own policy, ~/.config/shellguard/policy.toml. No cell sees that directory.</summary>
/// <param name="home">Absolute path.</param>
public sealed class UserRules(string home)
{
    private const long Largest = 1 << 20;
    private const uint OwnerOnly = 0x180;

    /// <summary>Where the policy is.</summary>
    public string PolicyFile { get; } = $"{DirectoryOf(home)}/policy.toml";

    /// <summary>Where a person's policies are.</summary>
    public static string DirectoryOf(string home) => $"{home}/.config/shellguard";

    /// <summary>Allows what was asked about from now on, and nothing more than that.</summary>
    /// <param name="told">One line: what was written where, or why it was not.</param>
    public bool TryAllow(Access access, out string told)
    {
        if (access.Operation != Operation.Connect
            || !EndpointPattern.TryParse(access.Target, out EndpointPattern? pattern, out _)
            || pattern.Port is null || pattern.Kind is EndpointKind.AnyName or EndpointKind.SubDomains
            || PolicyKeys.Find("network", "allow") is not { } key)
        {
            told = "a rule for this cannot be written; add it to the policy by hand";
            return false;
        }

        try
        {
            string? problem = Add(key, pattern.ToString());
            told = problem ?? $"{key.FullName} = {pattern} was added to {PolicyFile}";
            return problem is null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            told = $"{PolicyFile} cannot be written: {failure.Message.TrimEnd('.')}";
            return false;
        }
    }

    /// <returns>What went wrong, or null.</returns>
    private string? Add(PolicyKey key, string value)
    {
        // A policy that is kept elsewhere and linked here stays there.
        string file = new FileInfo(PolicyFile) is { LinkTarget: not null } link
            ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName
            : PolicyFile;
        string directory = Path.GetDirectoryName(file)!;
        MakeDirectories(directory);
        LinuxResult result = Files.Open(
            directory, OpenFlags.RDONLY | OpenFlags.DIRECTORY | OpenFlags.CLOEXEC, out Descriptor parent);
        using (parent)
        {
            // Two sessions that add at once do it one after the other.
            result = result.Failed ? result : FileContent.Lock(parent, LockOperation.EX);
            if (result.Failed)
            {
                return $"{directory}: {result}";
            }

            byte[] text = Read(file, out uint mode);
            if (!PolicyEdit.TryAdd(text, key, value, out string? edited, out string? problem))
            {
                return problem;
            }

            result = Replace(parent, Path.GetFileName(file), Encoding.UTF8.GetBytes(edited), mode);
            return result.Failed ? $"{file}: {result}" : null;
        }
    }

    /// <summary>For their owner only; what is there already stays as it is.</summary>
    internal static void MakeDirectories(string directory)
    {
        string parent = Path.GetDirectoryName(directory)!;
        if (Files.MakeDirectory(SessionPath.Root, directory, 0x1c0).Error == Errno.ENOENT && parent != "/")
        {
            MakeDirectories(parent);

            // Any other error shows when the directory is opened.
            Files.MakeDirectory(SessionPath.Root, directory, 0x1c0);
        }
    }

    private static byte[] Read(string file, out uint mode)
    {
        mode = OwnerOnly;
        LinuxResult result = Files.Open(file, OpenFlags.RDONLY | OpenFlags.CLOEXEC, out Descriptor opened);
        using (opened)
        {
            if (result.Error == Errno.ENOENT)
            {
                return "extends = \"default\"\n"u8.ToArray();
            }

            FileStatus status = default;
            result = result.Failed ? result : Files.Status(opened, out status);
            if (result.Failed || !status.IsRegular || status.Size > Largest)
            {
                throw new IOException(result.Failed ? result.ToString() : "it is not a file of at most 1 MiB");
            }

            mode = status.Mode;
            byte[] text = new byte[status.Size];
            result = FileContent.ReadFully(opened, text, 0);
            return result.Failed ? throw new IOException(result.ToString()) : text[..(int)result.Value];
        }
    }

    /// <summary>Whole or not at all: a policy that is half written would keep every session from starting.</summary>
    private static LinuxResult Replace(Descriptor directory, string name, byte[] text, uint mode)
    {
        string temporary = $".{name}.{Environment.ProcessId}.new";
        LinuxResult result = Files.Open(
            directory, temporary,
            OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.TRUNC | OpenFlags.NOFOLLOW | OpenFlags.CLOEXEC,
            out Descriptor file, OwnerOnly);
        using (file)
        {
            result = result.Failed ? result : FileContent.Write(file, text, 0);
            result = result.Failed ? result : FileMetadata.SetMode(file, mode);
            result = result.Failed ? result : FileContent.Flush(file);
        }

        result = result.Failed ? result : Files.Rename(directory, temporary, directory, name, RenameFlags.None);
        if (result.Failed)
        {
            Files.Unlink(directory, temporary);
        }

        return result;
    }
}
