package main

// HarvestMain is the program, for the command that test scripts call.
var HarvestMain = harvestMain
