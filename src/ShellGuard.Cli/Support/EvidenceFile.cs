using ShellGuard.Audit.Import;
using ShellGuard.Audit.Reports;
using ShellGuard.Cells.Sessions;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cli.Support;

/// <summary>A file that an audit is kept in. It never takes the place of another file, but for an empty one, which a
/// failed attempt leaves behind.</summary>
internal static class EvidenceFile
{
    /// <exception cref="SessionException">It cannot be made, or is there already.</exception>
    public static FileStream Create(string path)
    {
        bool isThere = IsOwnEmptyFile(path);
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = isThere ? FileMode.Open : FileMode.CreateNew,
                Access = FileAccess.Write,
                BufferSize = 0, // what has not been written when it is given up must not be written then
                UnixCreateMode = isThere ? null : UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SessionException(path.Length == 0 ? "a file is needed, and its name is empty"
                : Path.Exists(path)
                ? $"{path} is there already, and evidence is not written over; name another file"
                : $"{path} cannot be written: {failure.Message.TrimEnd('.')}");
        }
    }

    private static bool IsOwnEmptyFile(string path)
    {
        if (Files.Open(path, OpenFlags.PATH | OpenFlags.NOFOLLOW | OpenFlags.CLOEXEC, out Descriptor file).Failed)
        {
            return false;
        }

        using (file)
        {
            return Files.Status(file, out FileStatus status).Succeeded && status.IsRegular && status.Size == 0
                && status.Owner == Invocation.User.Uid && status.Links == 1;
        }
    }

    /// <exception cref="SessionException">It cannot be written.</exception>
    public static void Write(FileStream file, ImportResult result)
    {
        try
        {
            AuditWriter.Write(file, result, Invocation.Version);
            file.Flush(flushToDisk: true);
        }
        catch (IOException failure)
        {
            throw Abandon(file, failure);
        }
    }

    /// <summary>Takes away what was begun: half of a file is no evidence.</summary>
    /// <returns>What to say about it.</returns>
    public static SessionException Abandon(FileStream file, IOException failure)
    {
        string left = Discard(file) ? "what was begun of it is removed" : "it stays empty";
        return new SessionException($"{file.Name} cannot be written, and {left}: {failure.Message.TrimEnd('.')}");
    }

    /// <summary>Takes away a file that is not to be kept, or empties it: who is confined has no names to remove.</summary>
    /// <returns>Whether it is gone.</returns>
    public static bool Discard(FileStream? file)
    {
        if (file is null)
        {
            return true;
        }

        using (file)
        {
            try
            {
                File.Delete(file.Name);
                return true;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                RandomAccess.SetLength(file.SafeFileHandle, 0);
                return false;
            }
        }
    }
}
