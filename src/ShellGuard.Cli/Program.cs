using ShellGuard.Cli;

return CommandLine.Run(args);
