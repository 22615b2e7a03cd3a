package main

import "github.com/spf13/cobra"

// HarvestMain is the program, for the command that test scripts call.
var HarvestMain = harvestMain

// Commands is the command tree.
func Commands() *cobra.Command { return Main{}.command() }
