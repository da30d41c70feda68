using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ShellGuard.Leash.Configuration;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Leash.Sessions;

/// <summary>Counts runs over all sessions of a user: a file for each limit with the times of its last runs, in the user's
/// storage.</summary>
/// <param name="root">The storage, which exists.</param>
/// <param name="time">The wall clock, so that it counts across sessions.</param>
public sealed class RateKeeper(string root, TimeProvider time)
{
    private const uint OwnerOnly = 0x180;
    private const OpenFlags Flags = OpenFlags.RDWR | OpenFlags.CREAT | OpenFlags.NOFOLLOW | OpenFlags.CLOEXEC;

    /// <summary>Takes one run, if there is one left.</summary>
    /// <param name="name">The pipeline's name; empty for all together.</param>
    /// <param name="problem">What went wrong where the count cannot be kept; then there is none left.</param>
    public bool TryTake(string name, RateLimit limit, out string? problem)
    {
        string key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..32].ToLowerInvariant();
        LinuxResult result = Files.Open($"{root}/leash-rate-{key}", Flags, out Descriptor file, OwnerOnly);
        using (file)
        {
            result = result.Failed ? result : FileContent.Lock(file, LockOperation.EX);
            bool taken = false;
            result = result.Failed ? result : Take(file, limit, out taken);
            problem = result.Failed ? result.ToString() : null;
            return result.Succeeded && taken;
        }
    }

    private LinuxResult Take(Descriptor file, RateLimit limit, out bool taken)
    {
        taken = false;
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        byte[] content = new byte[RateLimit.MaximumRuns * sizeof(long)];
        LinuxResult read = FileContent.ReadFully(file, content, 0);
        if (read.Failed)
        {
            return read;
        }

        List<long> runs = [];
        for (int at = 0; at + sizeof(long) <= read.Value; at += sizeof(long))
        {
            // A clock that was set back must not lock anybody out for ever: a time to come is no run of the window.
            long run = BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(at));
            if (run <= now && now - run < limit.Window.TotalMilliseconds)
            {
                runs.Add(run);
            }
        }

        taken = runs.Count < limit.Runs;
        if (!taken)
        {
            return default;
        }

        runs.Add(now);
        byte[] written = new byte[runs.Count * sizeof(long)];
        for (int i = 0; i < runs.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(written.AsSpan(i * sizeof(long)), runs[i]);
        }

        LinuxResult result = FileContent.Write(file, written, 0);
        return result.Failed ? result : FileContent.SetLength(file, written.Length);
    }
}
