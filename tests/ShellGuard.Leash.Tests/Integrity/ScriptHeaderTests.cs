using System.Text;
using ShellGuard.Leash.Integrity;
using Xunit;

namespace ShellGuard.Leash.Tests.Integrity;

/// <summary>The first line of a script as the kernel reads it, execve(2).</summary>
public sealed class ScriptHeaderTests
{
    [Theory]
    [InlineData("#!/bin/sh\n", "/bin/sh", null)]
    [InlineData("#! /bin/sh \n", "/bin/sh", null)]
    [InlineData("#!/bin/sh -e -u\t\nx", "/bin/sh", "-e -u")]
    [InlineData("#!/bin/sh", "/bin/sh", null)]
    [InlineData("#!/usr/bin/env python3\n", "/usr/bin/env", "python3")]
    public void Interpreter_and_argument(string text, string interpreter, string? argument) =>
        Assert.Equal(new ScriptHeader(interpreter, argument), ScriptHeader.Read(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("#!\n")]
    [InlineData("#!  \n/bin/sh")]
    [InlineData("#!/bin/s\0h\n")]
    [InlineData("/bin/sh\n")]
    [InlineData("")]
    public void What_is_none(string text) => Assert.Null(ScriptHeader.Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_path_that_may_have_been_cut_is_none() =>
        Assert.Null(ScriptHeader.Read(Encoding.UTF8.GetBytes("#!/" + new string('a', ScriptHeader.MaximumBytes - 3))));
}
