-- DropIndex
DROP INDEX "Push_workspaceId_conversationId_createdAt_idx";
