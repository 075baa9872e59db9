-- CreateIndex
CREATE INDEX "Push_workspaceId_conversationId_createdAt_idx" ON "Push"("workspaceId", "conversationId", "createdAt");

-- CreateIndex
CREATE INDEX "RecordIntent_updatedAt_idx" ON "RecordIntent"("updatedAt");

-- CreateIndex
CREATE INDEX "Tag_integrationId_remoteId_idx" ON "Tag"("integrationId", "remoteId");
