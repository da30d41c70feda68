using ShellGuard.Cli.Support;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cli.Tests;

/// <summary>Standard input ends where the kernel says so, and nowhere else.</summary>
public sealed class StandardStreamTests
{
    [Fact]
    public async Task APipeThatDoesNotBlockIsWaitedFor()
    {
        DescriptorIo.Pipe(out Descriptor read, out Descriptor write).OrThrow();
        using (read)
        {
            DescriptorIo.SetNonBlocking(read).OrThrow();
            using StandardStream stream = new(read.Number, mayFail: true);
            Task<byte[]> all = Task.Run(() =>
            {
                using MemoryStream copy = new();
                stream.CopyTo(copy);
                return copy.ToArray();
            });
            Assert.NotSame(all, await Task.WhenAny(all, Task.Delay(200)));
            using (write)
            {
                DescriptorIo.Write(write, "late"u8).OrThrow();
            }

            Assert.Equal("late"u8.ToArray(), await all.WaitAsync(TimeSpan.FromMinutes(1)));
        }
    }

    [Fact]
    public void WhatCannotBeReadHasNoEnd()
    {
        Files.Open("/", OpenFlags.DIRECTORY | OpenFlags.CLOEXEC, out Descriptor directory).OrThrow();
        using (directory)
        {
            using StandardStream stream = new(directory.Number, mayFail: true);
            Assert.Equal("EISDIR", Assert.Throws<IOException>(() => stream.ReadByte()).Message);
        }
    }
}
